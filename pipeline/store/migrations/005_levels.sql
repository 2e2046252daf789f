-- How loud a segment is spoken, in dBFS (RMS); null where it was not measured.

ALTER TABLE segments ADD COLUMN level DOUBLE;
