"""What more than one page holds, each part once: a chart, a sheet, a conversation, what was said, a link handed on.

A view asks for a part, and pages stay independent of one another.
"""
