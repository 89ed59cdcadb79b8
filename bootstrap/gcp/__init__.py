"""The first day on Google Cloud: `program` makes it, the rest says what who may do."""
