"""Files in which banks and stores list what was paid to them: declared, read, matched with bills."""
