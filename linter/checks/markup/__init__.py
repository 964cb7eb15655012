"""Tags, attributes, fences and Markdown marks that are broken or out of place."""
