"""Searching a list of a desk as its form does."""


def search(client, address, listing, text="", **filters):
    """The response after words were posted, on the page that shows what they found. `listing`: its name."""
    return client.post(address, {"listing": listing, "q": text, **filters}, follow=True)
