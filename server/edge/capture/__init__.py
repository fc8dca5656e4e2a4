"""The public page on which a customer's own phone takes a picture of one paper."""
