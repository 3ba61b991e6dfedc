namespace SmimeOperator.Intune;

/// <summary>
/// Looks things up by key. Look-ups that come together within a small window, or while an earlier one is on its way, become one; what is on
/// its way is asked once. What was found is remembered for a while, what was not found for a short while.
/// </summary>
internal sealed class CoalescingLookup<T> : IDisposable
    where T : class
{
    // Windows that the next look-up waits for one that is on its way: it may hang.
    private const int MostWindows = 10;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Dictionary<string, (T? Value, long At)> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Gathering> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<IReadOnlyCollection<string>, CancellationToken, Task<IReadOnlyDictionary<string, T>>> _find;
    private readonly IntuneOptions _options;
    private readonly TimeProvider _time;
    private Gathering? _gathering;
    private Task _underWay = Task.CompletedTask;

    /// <summary>A look-up over a function that finds many keys at once; it may return more than it was asked for.</summary>
    public CoalescingLookup(
        Func<IReadOnlyCollection<string>, CancellationToken, Task<IReadOnlyDictionary<string, T>>> find, IntuneOptions options, TimeProvider time) =>
        (_find, _options, _time) = (find, options, time);

    /// <summary>The values of the keys that exist. What is on its way already is waited for, and not asked again.</summary>
    /// <param name="keys">What is looked for.</param>
    /// <param name="soon">Keys that will be looked for soon: they go along where there is something to ask.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyDictionary<string, T>> FindAsync(
        IReadOnlyCollection<string> keys, Func<IEnumerable<string>>? soon, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
        List<(string Key, Gathering Gathering)> unknown = [];
        lock (_lock)
        {
            foreach (var key in keys.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!TryKnown(key, out var value))
                {
                    unknown.Add((key, Gather(key, soon)));
                }
                else if (value is not null)
                {
                    found[key] = value;
                }
            }

            if (_gathering is { } begun)
            {
                begun.Work ??= RunAsync(begun);
            }
        }

        foreach (var asked in unknown.GroupBy(u => u.Gathering, u => u.Key))
        {
            var answers = await asked.Key.Work!.WaitAsync(cancellationToken);
            foreach (var key in asked)
            {
                if (answers.TryGetValue(key, out var value))
                {
                    found[key] = value;
                }
            }
        }

        return found;
    }

    /// <summary>Takes note of what was found on another way.</summary>
    public void Learn(IEnumerable<KeyValuePair<string, T>> found)
    {
        lock (_lock)
        {
            Remember(found);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lifetime.Cancel();
        _lifetime.Dispose();
    }

    private bool TryKnown(string key, out T? value)
    {
        value = null;
        if (!_known.TryGetValue(key, out var known))
        {
            return false;
        }

        value = known.Value;
        return _time.GetElapsedTime(known.At) < (value is null ? _options.DirectoryAbsenceMemory : _options.DirectoryMemory);
    }

    private Gathering Gather(string key, Func<IEnumerable<string>>? soon)
    {
        if (!_asked.TryGetValue(key, out var gathering))
        {
            _asked[key] = gathering = _gathering ??= new Gathering();
            gathering.Keys.Add(key);
            gathering.Soon ??= soon;
        }

        return gathering;
    }

    private async Task<IReadOnlyDictionary<string, T>> RunAsync(Gathering gathering)
    {
        try
        {
            // Begun under the lock, and must leave it before anything else.
            await Task.Delay(_options.DirectoryWindow, _time, _lifetime.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await Task.WhenAny(_underWay, Task.Delay(_options.DirectoryWindow * MostWindows, _time, _lifetime.Token));
            var (keys, known) = Close(gathering, gathering.Soon?.Invoke().ToList() ?? []);
            if (keys.Count == 0)
            {
                return known;
            }

            var found = await _find(keys, _lifetime.Token);
            Note(keys, found);
            return known.Count == 0 ? found : known.Concat(found.Where(f => !known.ContainsKey(f.Key))).ToDictionary(StringComparer.OrdinalIgnoreCase);
        }
        finally
        {
            lock (_lock)
            {
                // The answer may be a whole directory, and is nobody's any more.
                _underWay = ReferenceEquals(_underWay, gathering.Work) ? Task.CompletedTask : _underWay;
                _gathering = ReferenceEquals(_gathering, gathering) ? null : _gathering;
                foreach (var key in gathering.Keys)
                {
                    _asked.Remove(key);
                }
            }
        }
    }

    // What came meanwhile, with the answer to others, is not asked for.
    private (List<string> Keys, Dictionary<string, T> Known) Close(Gathering gathering, List<string> soon)
    {
        lock (_lock)
        {
            (_gathering, _underWay) = (null, gathering.Work!);
            gathering.Keys.UnionWith(soon.Where(k => !TryKnown(k, out _) && _asked.TryAdd(k, gathering)));
            var known = new Dictionary<string, T>(StringComparer.OrdinalIgnoreCase);
            List<string> keys = [];
            foreach (var key in gathering.Keys)
            {
                if (!TryKnown(key, out var value))
                {
                    keys.Add(key);
                }
                else if (value is not null)
                {
                    known[key] = value;
                }
            }

            return (keys, known);
        }
    }

    private void Note(IEnumerable<string> keys, IReadOnlyDictionary<string, T> found)
    {
        lock (_lock)
        {
            Forget();
            Remember(found);
            var now = _time.GetTimestamp();
            foreach (var key in keys.Where(k => !found.ContainsKey(k)))
            {
                _known[key] = (null, now);
            }
        }
    }

    private void Remember(IEnumerable<KeyValuePair<string, T>> found)
    {
        var now = _time.GetTimestamp();
        foreach (var (key, value) in found)
        {
            _known[key] = (value, now);
        }
    }

    private void Forget()
    {
        foreach (var (key, _) in _known.Where(k => _time.GetElapsedTime(k.Value.At) >= _options.DirectoryMemory).ToArray())
        {
            _known.Remove(key);
        }
    }

    private sealed class Gathering
    {
        public HashSet<string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Func<IEnumerable<string>>? Soon { get; set; }

        public Task<IReadOnlyDictionary<string, T>>? Work { get; set; }
    }
}
