"""Server extensions that each switch one safeguard of the product off; the referee must notice.

They alone may know the product: they are loaded into a server that is to be caught.
"""
