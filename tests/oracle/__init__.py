"""The rules a second time: written from docs/rules.md alone, plainly and without speed, to be asked beside the product.

It imports nothing of `diary`, and must not: what it shares with the product it cannot find wrong there. To be read
beside the text: `reading` (sections 1 and 6), `terms` (1 to 3), `pain` (R2 to R4), `worsening` (R5),
`reactions` (R1, R7, R8), `answering` (R6, sections 5 and 6).
"""
