namespace SmimeOperator.Intune.Tests.Snapshot;

public sealed class WriteJournalTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private readonly WriteJournal<string> _journal = new(Grace, (a, b) => a == b);

    [Fact]
    public void A_list_that_began_before_the_write_neither_loses_nor_revives_anything()
    {
        _journal.Put("made", "v1", null, At(10));
        _journal.Put("changed", "v2", "v1", At(10));
        _journal.Remove("gone", At(10));
        Overlaid(At(9), ("changed", "v1"), ("gone", "v1")).ShouldBe([("changed", "v2"), ("made", "v1")]);
    }

    [Fact]
    public void A_list_that_lags_within_the_grace_is_put_right()
    {
        _journal.Put("made", "v1", null, At(10));
        _journal.Put("changed", "v2", "v1", At(10));
        _journal.Remove("gone", At(10));
        Overlaid(At(20), ("changed", "v1"), ("gone", "v1")).ShouldBe([("changed", "v2"), ("made", "v1")]);
    }

    [Fact]
    public void A_change_of_somebody_else_within_the_grace_is_seen()
    {
        _journal.Put("changed", "v2", "v1", At(10));
        Overlaid(At(20), ("changed", "portal")).ShouldBe([("changed", "portal")]);
        Overlaid(At(21)).ShouldBeEmpty();
    }

    [Fact]
    public void After_the_grace_the_list_is_believed()
    {
        _journal.Put("made", "v1", null, At(10));
        _journal.Put("changed", "v2", "v1", At(10));
        _journal.Remove("gone", At(10));
        Overlaid(At(41), ("changed", "v1"), ("gone", "v1")).ShouldBe([("changed", "v1"), ("gone", "v1")]);
        _journal.Count.ShouldBe(0);
    }

    [Fact]
    public void What_was_made_and_then_changed_may_be_missing_or_old()
    {
        _journal.Put("x", "v1", null, At(10));
        _journal.Put("x", "v2", "v1", At(12));
        Overlaid(At(15)).ShouldBe([("x", "v2")]);
        Overlaid(At(16), ("x", "v1")).ShouldBe([("x", "v2")]);
    }

    [Fact]
    public void What_was_deleted_and_made_again_stays()
    {
        _journal.Put("x", "v2", "v1", At(5));
        _journal.Remove("x", At(10));
        _journal.Put("x", "v3", null, At(12));
        Overlaid(At(15), ("x", "v1")).ShouldBe([("x", "v3")]);
        Overlaid(At(16)).ShouldBe([("x", "v3")]);
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    private List<(string, string)> Overlaid(TimeSpan begun, params (string Id, string Value)[] list)
    {
        var shown = list.ToDictionary(i => i.Id, i => i.Value, StringComparer.OrdinalIgnoreCase);
        _journal.Overlay(shown, begun);
        return [.. shown.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => (i.Key, i.Value))];
    }
}
