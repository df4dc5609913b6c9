/** The two formats, with an example each: the help of `forewarn evaluate fleet`. */
export const fleetFormats = `
A fleet from files, evaluate fleet --readings F --truth F [--type pump]:

  --readings  CSV, or a folder of them: device, time, then a column a channel of the asset type, with the names of the
              catalogue. Time in ms or ISO 8601 with a zone; each device's rows in order of time; an empty cell is a
              missing value.

    device,time,vibration,bearing_temperature,motor_current,discharge_pressure,flow,speed
    P-1,2025-03-01T00:00:00Z,1.41,52.3,30.6,5.21,99.8,2466
    P-1,2025-03-01T00:10:00Z,1.38,52.4,30.9,5.24,100.3,2471

  --truth     CSV: device, time, kind, and where they are known mode and sudden. Kinds: installed, failed, repaired,
              replaced, planned_stop; first_sign (from when the fault that ends in the next failure could be seen) and
              healthy (somebody looked and no fault was under way). Modes are those of the catalogue; sudden (yes, no)
              marks a failure of which no warning was physically possible: it is counted apart.

    device,time,kind,mode,sudden
    P-1,2025-03-09T07:30:00Z,first_sign,bearing_wear,
    P-1,2025-03-13T16:00:00Z,failed,bearing_wear,no
    P-1,2025-03-14T10:00:00Z,repaired,,
    P-2,2025-03-20T04:10:00Z,failed,,yes
    P-3,2025-03-31T00:00:00Z,healthy,,

A ticket is right when a failure follows at least the mode's requiredLead and at most rulCap (96 h of a pump) later, and it
did not come before the first sign; late, early, false or repeated otherwise, undecided where the files end too soon.`
