"""Each number of the rules, once, beside what it rests on.

document: the source document says it. literature: it is silent, published work gives the size. ours: our own reading.
Durations are whole seconds, scores points of the 0-10 scale, grades places in `GRADES`.
"""

from diary.clinical.diary import DAY, HOUR, MODERATE, SEVERE

# What counts as an observation, and as following a session
DOUBLED_WITHIN = 15 * 60  # ours: a mistyped score is put right within minutes
FOLLOW_UP = 14 * DAY  # ours: what comes later is hardly told apart from the complaint itself
SETTLES_WITHIN = 48 * HOUR  # document: "within a day or two", "should not last beyond a couple days"

# Baseline
BASELINE_REACHES_BACK = 8 * DAY  # ours: a week between sessions, and a day of grace
BUCKET = 24 * HOUR  # ours: ten entries on one bad day weigh as much as one
FIRM_BUCKETS = 3  # ours: fewer days than three are a provisional baseline
USUAL_ANSWERS = 2  # ours: one answer before the first session does not make a usual level

# A rise of pain
RISE = 2  # literature: least detectable and least important change of the 0-10 scale
NOISY_RISE = 3  # literature: a single reading is noisier, and small values are relatively more so
LOW_BASELINE = 2  # literature: below it, two points are no stable change
TOP_OF_SCALE = 10  # literature: the numeric rating scale (NRS-11) ends here
ROOM_UP_TO = 8  # ours: above it two more points do not fit on the scale
RISE_WITHOUT_ROOM = 1  # ours: one point, with the patient's own word for it
BACK_WITHIN = 1  # literature: one point is within the noise of the scale
CALM_FOR = 24 * HOUR  # ours: one calm day, not one calm reading, ends what went on

# R1 lingering-reaction
CARRIED_FROM = 48 * HOUR  # ours: an older answer says nothing about the moment of needling
NEEDLED_AGAIN_WITHIN = 96 * HOUR  # ours: twice the document's two days, counted through a session in between
FAINT_SORENESS = 2  # ours: the lower end of mild
FADES_WITHIN = 72 * HOUR  # ours: one day more for a faint soreness that is fading
ALARMING_GRADE = SEVERE  # ours: dizziness and low mood do not wait for two days when severe

# R2 severe-pain
SEVERE_PAIN = 7  # literature: 7 to 10 is severe on the 0-10 scale
SEVERE_SORENESS = 7  # literature: the same scale
SEVERE_RISE = 3  # literature: above the noise of a single reading
OVERRULES_THE_WORD = 5  # ours: so large a rise counts even against "better" or "same"
SEVERE_RUN = 4 * HOUR  # literature: sustained-rise events
SEVERE_RUN_AGAINST_THE_WORD = 12 * HOUR  # ours: so long a run counts whatever is said of it

# R3 sharp-rise
SHARP_RISE = 3  # literature: above the noise of a single reading

# R4 escalating-pain
ESCALATING_PAIN = 4  # literature: 4 and more is moderate on the 0-10 scale
ESCALATING_RUN = 12 * HOUR  # literature: sustained-rise events
PERSISTING_RUN = 48 * HOUR  # document: "within a day or two"; a run as long as that need not grow
CLIMB_APART = 4 * HOUR  # ours: readings closer together are one look at the pain
CLIMB_SPANS = 24 * HOUR  # ours: longer than the swing of a single day
CLIMB_BY = 3  # literature: above the noise of a single reading
STEEP = 2  # literature: least important change, within the run or climb itself

# R5 worsening-course
MULTIPLE_SESSIONS = 3  # ours: the document's "multiple sessions"
COURSE_REACHES = 8 * DAY  # ours: as far as a baseline reaches back
LEVELS_BACK = 2  # ours: two settled levels in a row, not one good week, end a worsening

# R7 marked-bruising
MARKED = MODERATE  # ours: mild bruising is common (document: 10 to 20 in 100)
STEP_UP_OVER = 24 * HOUR  # ours: a bruise that still grows after a day

# R8 silence
SILENT_AFTER = 96 * HOUR  # ours: twice the document's two days

# Trends and rates
GAP = 48 * HOUR  # ours: points further apart are not joined by a line
Z_95 = 1.959963984540054  # literature: Wilson's interval at 95 %, two-sided
