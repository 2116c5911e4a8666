"""The shapes of requests that the providers publish, as data, and the check of each request.

The handlers of a stand-in decide what is answered; the shapes only judge, whatever was answered,
faults included. They are written from the providers' documents and not from our clients.
"""
