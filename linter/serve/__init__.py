"""An HTTP service: a page for editors, a JSON API, and the protocol of LanguageTool."""
