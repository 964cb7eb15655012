"""The HTML report: one page that needs nothing else, for people who look at findings in a browser."""
