namespace SmimeOperator.Intune;

/// <summary>
/// Who waits for the request budget, and who is next. A lane that is less urgent counts as having come later by one step per lane:
/// so urgent work goes first, and whatever has waited long enough goes before urgent work that came after. Pure; times are ticks of one clock.
/// </summary>
internal sealed class BudgetQueue<T>(SlidingWindow writes, SlidingWindow all)
{
    private const int Lanes = 4;
    private static readonly TimeSpan LaneStep = TimeSpan.FromSeconds(20);

    // About as many changes as people make at once; who was overtaken so often is overtaken no more.
    private const int MostOvertaking = 100;
    private readonly LinkedList<Waiting>[] _lines = [.. Enumerable.Range(0, 2 * Lanes).Select(_ => new LinkedList<Waiting>())];

    /// <summary>Whom a window's shortage holds up.</summary>
    private enum Blocked
    {
        Nobody,

        /// <summary>Bulk work; a person's change has places of its own.</summary>
        Bulk,

        Everybody,
    }

    /// <summary>How answers of the service correct the write limit.</summary>
    public ThrottleCorrection WriteCorrection { get; } = new();

    /// <summary>How answers of the service correct the limit on everything.</summary>
    public ThrottleCorrection AllCorrection { get; } = new();

    /// <summary>Puts somebody in line.</summary>
    public LinkedListNode<Waiting> Enqueue(T item, RequestLane lane, bool write, int places, TimeSpan now)
    {
        var line = _lines[((int)lane * 2) + (write ? 1 : 0)];
        return line.AddLast(new Waiting(item, lane, write, places, now + ((int)lane * LaneStep)));
    }

    /// <summary>Takes somebody out of line who no longer wants to wait; false if it was served meanwhile.</summary>
    public static bool Remove(LinkedListNode<Waiting> node)
    {
        var line = node.List;
        line?.Remove(node);
        return line is not null;
    }

    /// <summary>Takes everybody out of line whom a pause concerns.</summary>
    public IReadOnlyList<T> SendAway(bool writesOnly)
    {
        var sent = new List<T>();
        foreach (var line in _lines.Where(l => l.First is { } first && (first.Value.Write || !writesOnly)))
        {
            sent.AddRange(line.Select(w => w.Item));
            line.Clear();
        }

        return sent;
    }

    /// <summary>Until when nobody of this kind is served; in the past if there is no pause.</summary>
    public TimeSpan PausedUntil(bool write) =>
        write && WriteCorrection.PausedUntil > AllCorrection.PausedUntil ? WriteCorrection.PausedUntil : AllCorrection.PausedUntil;

    /// <summary>The next to be served now, its places taken; otherwise when to ask again (null: when an answer comes).</summary>
    public (Waiting? Next, TimeSpan? AskAgain) Take(TimeSpan now)
    {
        writes.Correct(WriteCorrection.FactorAt(now));
        all.Correct(AllCorrection.FactorAt(now));
        TimeSpan? again = null;
        var (allBlocked, writesBlocked) = (Blocked.Nobody, Blocked.Nobody);
        Waiting? overtaken = null;
        foreach (var line in _lines.Where(l => l.First is not null).OrderBy(l => l.First!.Value.Due))
        {
            var node = line.First!;
            var waiting = node.Value;
            // Nobody overtakes on the window that somebody before waits for, or a request of many parts would wait for ever.
            if (IsHeldUp(waiting, allBlocked) || (waiting.Write && IsHeldUp(waiting, writesBlocked)))
            {
                continue;
            }

            var (onAll, onWrites) = (OnAll(waiting, now), OnWrites(waiting, now));
            if (onAll <= now && onWrites <= now)
            {
                line.Remove(node);
                TakePlaces(waiting, now);
                overtaken?.Overtaken += 1;
                return (waiting, null);
            }

            overtaken ??= waiting;
            var held = waiting.Lane == RequestLane.Change || waiting.Overtaken >= MostOvertaking ? Blocked.Everybody : Blocked.Bulk;
            allBlocked = onAll > now ? Higher(allBlocked, held) : allBlocked;
            writesBlocked = onWrites > now ? Higher(writesBlocked, held) : writesBlocked;
            var at = onAll > onWrites ? onAll : onWrites;
            again = again is null || at < again ? at : again;
        }

        return (null, again == TimeSpan.MaxValue ? null : again);
    }

    /// <summary>How much is left, and how many wait.</summary>
    public BudgetLoad Load(TimeSpan now) => new(
        Math.Max(0, writes.Effective - writes.Used(now)),
        Math.Max(0, all.Effective - all.Used(now)),
        Enum.GetValues<RequestLane>().ToDictionary(l => l, l => _lines[(int)l * 2].Count + _lines[((int)l * 2) + 1].Count));

    /// <summary>The answer to a served request came, or none will.</summary>
    public void Answered(Waiting served, TimeSpan now)
    {
        all.Answered(now, served.Places);
        if (served.Write)
        {
            writes.Answered(now, served.Places);
        }
    }

    private static bool IsHeldUp(Waiting waiting, Blocked blocked) =>
        blocked == Blocked.Everybody || (blocked == Blocked.Bulk && waiting.Lane != RequestLane.Change);

    private static Blocked Higher(Blocked one, Blocked other) => one > other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private TimeSpan OnAll(Waiting waiting, TimeSpan now) => Later(
        AllCorrection.PausedUntil,
        all.EarliestFor(now, waiting.Places, waiting.Lane == RequestLane.Change) ?? TimeSpan.MaxValue);

    private TimeSpan OnWrites(Waiting waiting, TimeSpan now) => !waiting.Write ? TimeSpan.MinValue : Later(
        WriteCorrection.PausedUntil,
        writes.EarliestFor(now, waiting.Places, waiting.Lane == RequestLane.Change) ?? TimeSpan.MaxValue);

    private void TakePlaces(Waiting waiting, TimeSpan now)
    {
        all.Take(now, waiting.Places);
        if (waiting.Write)
        {
            writes.Take(now, waiting.Places);
        }
    }

    /// <summary>Somebody who waits, or was served.</summary>
    internal sealed record Waiting(T Item, RequestLane Lane, bool Write, int Places, TimeSpan Due)
    {
        /// <summary>How many that came later were served before it.</summary>
        public int Overtaken { get; set; }
    }
}

/// <summary>The state of a budget at one moment.</summary>
/// <param name="WritesLeft">Writes that may still be sent in the window.</param>
/// <param name="RequestsLeft">Requests of any kind that may still be sent in the window.</param>
/// <param name="Waiting">How many wait in each lane.</param>
internal sealed record BudgetLoad(int WritesLeft, int RequestsLeft, IReadOnlyDictionary<RequestLane, int> Waiting);
