using Microsoft.Extensions.Time.Testing;

namespace SmimeOperator.Intune.Tests.Tenant;

public sealed class CoalescingLookupTests
{
    [Fact]
    public async Task What_the_answer_to_others_brings_meanwhile_is_not_asked_for_again()
    {
        var (time, options, token) = (new FakeTimeProvider(), new IntuneOptions(), TestContext.Current.CancellationToken);
        List<IReadOnlyCollection<string>> asked = [];
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<IReadOnlyDictionary<string, string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lookup = new CoalescingLookup<string>(
            (keys, _) =>
            {
                asked.Add(keys);
                isAsked.TrySetResult();
                return answer.Task;
            },
            options,
            time);
        var one = lookup.FindAsync(["a"], null, token);
        time.Advance(options.DirectoryWindow);
        await isAsked.Task.WaitAsync(token);

        var other = lookup.FindAsync(["b", "c"], null, token);
        // More than was asked for: a whole directory has everybody.
        answer.SetResult(new Dictionary<string, string> { ["a"] = "A", ["b"] = "B", ["c"] = "C" });
        await one;
        time.Advance(options.DirectoryWindow);

        (await other.WaitAsync(token)).ShouldBe(new Dictionary<string, string> { ["b"] = "B", ["c"] = "C" }, ignoreOrder: true);
        asked.ShouldHaveSingleItem().ShouldBe(["a"]);
    }
}
