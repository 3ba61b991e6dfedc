using Microsoft.Extensions.Time.Testing;

namespace SmimeOperator.Intune.Tests.Budget;

public sealed class RequestBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_place_that_was_answered_is_free_again_after_the_window()
    {
        using var budget = new RequestBudget(1, 10, TimeSpan.FromMinutes(2), _time);
        (await budget.AcquireAsync(RequestLane.Create, true, 1, Token)).Dispose();
        var second = budget.AcquireAsync(RequestLane.Create, true, 1, Token).AsTask();
        _time.Advance(TimeSpan.FromSeconds(20));
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        using var place = await second.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_line_and_takes_nothing()
    {
        using var budget = new RequestBudget(1, 10, TimeSpan.FromMinutes(2), _time);
        (await budget.AcquireAsync(RequestLane.Create, true, 1, Token)).Dispose();
        using var impatient = new CancellationTokenSource();
        var leaves = budget.AcquireAsync(RequestLane.Create, true, 1, impatient.Token).AsTask();
        var stays = budget.AcquireAsync(RequestLane.Create, true, 1, Token).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaves);
        _time.Advance(TimeSpan.FromSeconds(21));
        using var place = await stays.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task A_long_pause_sends_away_who_waits_in_line_already()
    {
        using var budget = new RequestBudget(1, 10, TimeSpan.FromMinutes(2), _time);
        using var place = await budget.AcquireAsync(RequestLane.Create, true, 1, Token);
        var waiting = budget.AcquireAsync(RequestLane.Create, true, 1, Token).AsTask();
        budget.Throttled(write: true, TimeSpan.FromMinutes(5));
        await Should.ThrowAsync<BudgetPausedException>(waiting);
    }

    [Fact]
    public async Task A_long_pause_is_told_instead_of_waited_for()
    {
        using var budget = new RequestBudget(10, 10, TimeSpan.FromMinutes(2), _time);
        budget.Throttled(write: true, TimeSpan.FromMinutes(5));
        (await budget.AcquireAsync(RequestLane.Refresh, false, 1, Token)).Dispose();
        var told = await Should.ThrowAsync<BudgetPausedException>(async () => await budget.AcquireAsync(RequestLane.Create, true, 1, Token));
        told.Remaining.ShouldBe(TimeSpan.FromMinutes(5));
    }
}
