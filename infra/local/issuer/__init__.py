"""The built-in OIDC issuer: a small process of its own, so that the checked path is the only path, on a laptop too.

Programs get access tokens by the client credentials grant; a person opens the page with a one-time ticket.
"""
