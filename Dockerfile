FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# collectstatic starts the product as production does: with keys of its own that live for this one command.
RUN pybabel compile -f -d config/locale -D django \
    && ENVIRONMENT=production ALLOWED_HOSTS=build SITE_URL=https://build STATIC_ROOT=/app/staticfiles \
       SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
       IDENTITY_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
       IDENTITY_FINGERPRINT_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(32))')" \
       PAIRWISE_SALT="$(python -c 'import secrets; print(secrets.token_urlsafe(32))')" \
       python manage.py collectstatic --noinput --verbosity 0
RUN useradd --system app && mkdir -p /data/media && chown app /data/media
ENV STATIC_ROOT=/app/staticfiles
USER app
EXPOSE 8000
# The access log names paths without their queries: people type all kinds of things into search boxes.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "4", "--access-logfile", "-", \
     "--access-logformat", "%(h)s %(m)s %(U)s %(s)s %(M)sms"]
