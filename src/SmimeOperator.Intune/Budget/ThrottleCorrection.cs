namespace SmimeOperator.Intune;

/// <summary>
/// How much of a limit is used after the service said 429 although we kept to it: somebody else shares the quota, or it is
/// smaller than published. Taken back at each complaint, regained step by step up to just below where the service complained last, and
/// only after a while beyond: whoever shares the quota is likely to be there still, and each try costs a pause. Pure arithmetic.
/// </summary>
internal sealed class ThrottleCorrection
{
    private const double Least = 0.1;
    private const double Kept = 0.7;
    private const double Regained = 0.1;
    private const double BelowComplaint = 0.95;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    private double _factor = 1;
    private double _ceiling = 1;
    private TimeSpan _since;
    private TimeSpan _lowered = -Step;

    /// <summary>Until when nothing of this kind is sent.</summary>
    public TimeSpan PausedUntil { get; private set; }

    /// <summary>The share of the limit to use.</summary>
    public double FactorAt(TimeSpan now)
    {
        var careful = Regain(_factor, now < _since + Remembered ? now - _since : Remembered, _ceiling);
        return now < _since + Remembered ? careful : Regain(careful, now - _since - Remembered, 1);
    }

    /// <summary>The service complained and asks to wait. Complaints while a pause is on, or within a window, speak of what was sent before it.</summary>
    public void Complained(TimeSpan now, TimeSpan wait)
    {
        if (now >= PausedUntil && now >= _lowered + Step)
        {
            _lowered = now;
            var before = FactorAt(now);
            _factor = Math.Max(Least, before * Kept);
            _ceiling = Math.Max(_factor, before * BelowComplaint);
        }

        PausedUntil = PausedUntil > now + wait ? PausedUntil : now + wait;
        _since = PausedUntil;
    }

    private static double Regain(double from, TimeSpan during, double ceiling)
    {
        var steps = during <= TimeSpan.Zero ? 0 : Math.Floor(during / Step);
        return Math.Min(ceiling, from + (steps * Regained));
    }
}
