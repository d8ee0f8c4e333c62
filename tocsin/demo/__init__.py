"""What can a newcomer try things with?"""
