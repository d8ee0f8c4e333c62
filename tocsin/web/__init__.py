"""Which screens do our own people work with?"""
