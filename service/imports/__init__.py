"""导入 | How do files become commands?"""
