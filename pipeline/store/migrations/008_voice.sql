-- How people speak: of a segment, of each side, and the turns that stand out. Null: not measured.

ALTER TABLE segments ADD COLUMN voice STRUCT(
    loudness DOUBLE,                        -- LUFS
    clipped DOUBLE,                         -- share of its samples
    pitch DOUBLE,                           -- Hz
    movement DOUBLE,                        -- semitones
    speech DOUBLE,                          -- seconds without pauses
    pauses INTEGER,
    longest_pause DOUBLE,                   -- seconds
    slope DOUBLE                            -- dB per second
);

ALTER TABLE metrics ADD COLUMN agent STRUCT(
    talk DOUBLE, articulation DOUBLE, pauses INTEGER, longest_pause DOUBLE,
    loudness DOUBLE, clipped DOUBLE, pitch DOUBLE, movement DOUBLE,
    reply_median DOUBLE, reply_longest DOUBLE, silence_left DOUBLE,
    breaks_in INTEGER, gives_way INTEGER,
    compared INTEGER, raised INTEGER, agitated INTEGER
);
ALTER TABLE metrics ADD COLUMN customer STRUCT(
    talk DOUBLE, articulation DOUBLE, pauses INTEGER, longest_pause DOUBLE,
    loudness DOUBLE, clipped DOUBLE, pitch DOUBLE, movement DOUBLE,
    reply_median DOUBLE, reply_longest DOUBLE, silence_left DOUBLE,
    breaks_in INTEGER, gives_way INTEGER,
    compared INTEGER, raised INTEGER, agitated INTEGER
);
ALTER TABLE metrics ADD COLUMN holds
    STRUCT("start" DOUBLE, "end" DOUBLE, announced BOOLEAN, thanked BOOLEAN)[];
ALTER TABLE metrics ADD COLUMN tones
    STRUCT(segment INTEGER, tone VARCHAR, louder DOUBLE, higher DOUBLE, faster DOUBLE, wider DOUBLE)[];

-- Whose turn a silence was, and who gave way; null for calls that were measured before.
ALTER TABLE metrics ALTER COLUMN silences
    SET DATA TYPE STRUCT("start" DOUBLE, "end" DOUBLE, "after" INTEGER, left_by VARCHAR)[];
ALTER TABLE metrics ALTER COLUMN "overlaps" SET DATA TYPE STRUCT(
    "start" DOUBLE, "end" DOUBLE, "by" INTEGER, "over" INTEGER, backchannel BOOLEAN, yields INTEGER
)[];
