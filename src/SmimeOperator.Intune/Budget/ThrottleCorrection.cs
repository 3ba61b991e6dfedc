namespace SmimeOperator.Intune;

/// <summary>
/// How much of a limit is used after the service said 429 although we kept to it: somebody else shares the quota, or it is
/// smaller than published. Halved at each complaint, regained step by step. Pure arithmetic.
/// </summary>
internal sealed class ThrottleCorrection
{
    private const double Least = 0.1;
    private const double Regained = 0.1;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(20);
    private double _factor = 1;
    private TimeSpan _since;

    /// <summary>Until when nothing of this kind is sent.</summary>
    public TimeSpan PausedUntil { get; private set; }

    /// <summary>The share of the limit to use.</summary>
    public double FactorAt(TimeSpan now)
    {
        var steps = now <= _since ? 0 : Math.Floor((now - _since) / Step);
        return Math.Min(1, _factor + (steps * Regained));
    }

    /// <summary>The service complained and asks to wait. Complaints while a pause is on are the same complaint.</summary>
    public void Complained(TimeSpan now, TimeSpan wait)
    {
        if (now >= PausedUntil)
        {
            _factor = Math.Max(Least, FactorAt(now) / 2);
        }

        PausedUntil = PausedUntil > now + wait ? PausedUntil : now + wait;
        _since = PausedUntil;
    }
}
