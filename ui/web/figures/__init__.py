"""Rows to Bokeh: each module makes an empty figure, and the columns that fill it.

A figure is made once for each page. Its columns travel as JSON, encoded once for all pages, and the browser puts them
into the sources that it finds by name; colours are slots there, so that light and dark need no second message.
"""
