"""Questions to a pair of tables, observed and synthetic. They know no model: any synthetic table can be asked."""
