"""Who is this: consent to face use, answers of authorities, what a chip said; pure rules and records."""
