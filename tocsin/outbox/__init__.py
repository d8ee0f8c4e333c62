"""What must reach whom, by which way, and has it?"""
