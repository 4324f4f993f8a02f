"""What every report is made of: blocks of prose, tables and pictures, and the page that shows them."""
