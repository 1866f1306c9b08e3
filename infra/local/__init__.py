"""The embedded platform: nats-server, the issuer, MLflow, the services and the page, under one supervisor."""
