"""Stories across the addons: real contracts, the engine, the real providers over their stand-ins.

Each class tells one. All end with the same questions, see `sound`.
"""
