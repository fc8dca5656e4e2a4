"""Every sentence a person can see, in Chinese and English. One module per area; imports nothing."""
