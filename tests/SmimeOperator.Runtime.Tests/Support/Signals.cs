namespace SmimeOperator.Runtime.Tests;

/// <summary>Things that happened, in order, to be waited for. Waiting ends with the test, not with a time.</summary>
public sealed class Signals<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _items];
            }
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _items.Add(item);
            more = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }

    /// <summary>Waits until what happened so far satisfies the condition.</summary>
    public async Task<IReadOnlyList<T>> WhenAsync(Func<IReadOnlyList<T>, bool> condition)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (condition([.. _items]))
                {
                    return [.. _items];
                }

                more = _more.Task;
            }

            // A test that waits for what never comes fails instead of hanging the run.
            await more.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    public async Task<T> FirstAsync(Func<T, bool> condition)
    {
        var items = await WhenAsync(all => all.Any(condition));
        return items.First(condition);
    }

    public Task<IReadOnlyList<T>> CountAsync(int count) => WhenAsync(all => all.Count >= count);
}
