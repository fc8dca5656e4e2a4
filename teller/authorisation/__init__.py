"""Who must agree, and how a second person is asked. The one who asked can never decide."""
