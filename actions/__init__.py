"""What a dialogue does: answers, forms, case status, calling a person. Services come by constructor (`compose`)."""
