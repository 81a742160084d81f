"""What do others see of the service over HTTP?"""
