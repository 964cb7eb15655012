"""`copydesk serve`: a web page and an API that check articles over HTTP."""
