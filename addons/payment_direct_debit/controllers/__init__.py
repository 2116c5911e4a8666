from . import mandate, portal, webhook
