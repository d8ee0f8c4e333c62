"""What do people do with tickets?"""
