from . import mandate, webhook
