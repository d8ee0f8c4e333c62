"""What has happened, in what order, and can it still be trusted?"""
