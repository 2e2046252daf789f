-- What was found out of who speaks and in which language (null: a chat, or a transcript made
-- elsewhere), and the number of the voice where one channel carries several people.

ALTER TABLE calls ADD COLUMN language VARCHAR; -- ISO 639-1, of most of the speech

ALTER TABLE calls ADD COLUMN role_basis STRUCT(
    agent INTEGER,                          -- channel, or voice of a mono call; null: cannot be told
    customer INTEGER,
    confidence DOUBLE,
    source VARCHAR,                         -- metadata, talk, both or none
    contradicted BOOLEAN,                   -- the metadata name the other channel
    swapped_from INTEGER,                   -- segment from which the channels have changed places
    cues STRUCT("name" VARCHAR, side INTEGER, segment INTEGER, log_odds DOUBLE)[]
);
ALTER TABLE segments ADD COLUMN speaker INTEGER;
