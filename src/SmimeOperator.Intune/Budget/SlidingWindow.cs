namespace SmimeOperator.Intune;

/// <summary>
/// One published limit: so many requests in any interval of one length, however it is aligned. A request reaches the service at some
/// moment between its sending and its answer, so its place stays taken from the sending until one window after the answer: then no
/// network delay can bring too many of ours into one window of the service's clock. Pure arithmetic; times are ticks of one monotonic clock.
/// </summary>
internal sealed class SlidingWindow
{
    // Past half of the limit, places are handed out evenly, so that in steady load one becomes free every few
    // hundred milliseconds and nobody waits for the end of a window that one burst has filled.
    private const double BurstShare = 0.5;

    // A person's change never queues behind bulk work: the last two in a hundred places are kept for it.
    private const double UrgentShare = 0.02;

    private readonly Queue<(TimeSpan FreeAt, int Places)> _answered = new();
    private readonly TimeSpan _window;
    private int _inFlight;
    private int _answeredPlaces;
    private TimeSpan _nextPaced;

    /// <summary>A window that allows <paramref name="limit"/> requests.</summary>
    public SlidingWindow(int limit, TimeSpan window, TimeSpan safety)
    {
        Limit = Math.Max(1, limit);
        Effective = Limit;
        _window = window + safety;
    }

    /// <summary>The limit as published or configured.</summary>
    public int Limit { get; }

    /// <summary>The limit in force; lower for a while after the service complained.</summary>
    public int Effective { get; private set; }

    /// <summary>Places taken now.</summary>
    public int Used(TimeSpan now)
    {
        Expire(now);
        return _inFlight + _answeredPlaces;
    }

    /// <summary>Puts a share of the limit in force.</summary>
    public void Correct(double factor) => Effective = Math.Max(1, (int)(Limit * Math.Clamp(factor, 0, 1)));

    /// <summary>When <paramref name="places"/> may be taken: now or earlier means at once, null that an answer has to come first.</summary>
    public TimeSpan? EarliestFor(TimeSpan now, int places, bool urgent)
    {
        var used = Used(now);
        var ceiling = urgent ? Effective : Effective - (int)Math.Ceiling((Effective - 1) * UrgentShare);
        var missing = used + Math.Min(places, ceiling) - ceiling;
        if (missing > 0)
        {
            return FreeAfter(missing);
        }

        return urgent || used < Effective * BurstShare || _nextPaced <= now ? now : _nextPaced;
    }

    /// <summary>Takes places; they stay taken until <see cref="Answered"/> and one window more.</summary>
    public void Take(TimeSpan now, int places)
    {
        _inFlight += places;
        var interval = _window / Effective;
        // Lateness of timers is made up for, but not so much that the evenness goes.
        var behind = now - (4 * interval);
        _nextPaced = (_nextPaced > behind ? _nextPaced : behind) + (places * interval);
    }

    /// <summary>The answer came, or it is sure that none will.</summary>
    public void Answered(TimeSpan now, int places)
    {
        _inFlight -= places;
        _answeredPlaces += places;
        _answered.Enqueue((now + _window, places));
    }

    private TimeSpan? FreeAfter(int missing)
    {
        foreach (var (freeAt, places) in _answered)
        {
            missing -= places;
            if (missing <= 0)
            {
                return freeAt;
            }
        }

        return null;
    }

    private void Expire(TimeSpan now)
    {
        while (_answered.TryPeek(out var oldest) && oldest.FreeAt <= now)
        {
            _answered.Dequeue();
            _answeredPlaces -= oldest.Places;
        }
    }
}
