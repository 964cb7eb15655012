"""Describe rules and the config: in the output of commands such as `copydesk explain`, in reports, and in the docs."""
