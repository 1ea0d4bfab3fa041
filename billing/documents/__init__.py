"""What a document says, from the rows to the bytes."""
