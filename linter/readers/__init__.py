"""Turn a source of one kind into a document: one module a kind, each with `read(source) -> Document`."""
