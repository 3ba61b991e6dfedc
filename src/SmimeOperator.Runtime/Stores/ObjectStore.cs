using System.Diagnostics.CodeAnalysis;

namespace SmimeOperator.Runtime.Stores;

/// <summary>The objects of a kind by key and by index. Never goes back to an older version of an object.</summary>
internal sealed class ObjectStore<T>
    where T : class
{
    private readonly Lock _gate = new();
    private readonly ResourceCodec<T> _codec;
    private readonly Dictionary<NamespacedName, T> _items = [];
    private readonly Dictionary<string, Index> _indexes = new(StringComparer.Ordinal);
    private Action<ObjectChange<T>>? _changed;

    public ObjectStore(ResourceCodec<T> codec, IEnumerable<ObjectIndex<T>> indexes)
    {
        _codec = codec;
        foreach (var index in indexes)
        {
            if (!_indexes.TryAdd(index.Name, new Index(index.Values)))
            {
                throw new InvalidOperationException($"The index {index.Name} of {typeof(T).Name} is registered twice.");
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Registers for changes. Must happen before the first change, and the handler must be quick.</summary>
    /// <remarks>Handlers run outside the store's lock, so that they may read any store; changes of one key may overtake each other.</remarks>
    public void Subscribe(Action<ObjectChange<T>> handler) => _changed += handler;

    public bool TryGet(NamespacedName key, [NotNullWhen(true)] out T? item)
    {
        lock (_gate)
        {
            return _items.TryGetValue(key, out item);
        }
    }

    public IReadOnlyList<T> List()
    {
        lock (_gate)
        {
            return [.. _items.Values];
        }
    }

    public IReadOnlyList<T> ByIndex(string indexName, string value)
    {
        lock (_gate)
        {
            if (!_indexes.TryGetValue(indexName, out var index))
            {
                throw new ArgumentException($"There is no index {indexName} of {typeof(T).Name}.", nameof(indexName));
            }

            return index.Find(value, _items);
        }
    }

    /// <summary>The keys that satisfy the condition.</summary>
    public List<NamespacedName> Keys(Func<NamespacedName, bool> condition)
    {
        lock (_gate)
        {
            return [.. _items.Keys.Where(condition)];
        }
    }

    /// <summary>Takes an object from a list or watch; even an older one when the whole cluster went back.</summary>
    public bool Upsert(T item, bool rewound = false) => Store(item, onlyIfKnown: false, rewound);

    /// <summary>
    /// Takes the answer to a write of our own, so that the next pass sees it although the watch may be behind.
    /// An object that is not in the store has been deleted meanwhile and stays so.
    /// </summary>
    public bool Refresh(T item) => Store(item, onlyIfKnown: true, rewound: false);

    /// <summary>Removes an object. The last known state is better when the caller has one, as a watch does.</summary>
    public bool Remove(NamespacedName key, T? last = null)
    {
        T? old;
        lock (_gate)
        {
            if (!_items.Remove(key, out old))
            {
                return false;
            }

            foreach (var index in _indexes.Values)
            {
                index.Remove(key, old);
            }
        }

        _changed?.Invoke(new ObjectChange<T>(key, last ?? old, New: null));
        return true;
    }

    private bool Store(T item, bool onlyIfKnown, bool rewound)
    {
        var key = _codec.KeyOf(item);
        T? old;
        bool replaced;
        lock (_gate)
        {
            _items.TryGetValue(key, out old);
            replaced = old is not null && _codec.UidOf(old) != _codec.UidOf(item);
            if (onlyIfKnown && (old is null || replaced))
            {
                return false;
            }

            if (old is not null && !rewound)
            {
                var (known, offered) = (_codec.VersionOf(old), _codec.VersionOf(item));
                if (known == offered || ResourceVersionOrder.IsOlder(offered, known))
                {
                    return false;
                }
            }

            _items[key] = item;
            foreach (var index in _indexes.Values)
            {
                if (old is not null)
                {
                    index.Remove(key, old);
                }

                index.Add(key, item);
            }
        }

        if (replaced)
        {
            // Deleted and created again while we looked away: these are two objects with one name.
            _changed?.Invoke(new ObjectChange<T>(key, old, New: null));
            old = null;
        }

        _changed?.Invoke(new ObjectChange<T>(key, old, item));
        return true;
    }

    // Nearly every value belongs to one object: only where it belongs to more is there a set, which costs ten times as much.
    private sealed class Index(Func<T, IEnumerable<string>> values)
    {
        private readonly Dictionary<string, NamespacedName> _single = new(StringComparer.Ordinal);
        private readonly Dictionary<string, HashSet<NamespacedName>> _several = new(StringComparer.Ordinal);

        public void Add(NamespacedName key, T item)
        {
            foreach (var value in values(item))
            {
                if (_several.TryGetValue(value, out var keys))
                {
                    keys.Add(key);
                }
                else if (!_single.TryAdd(value, key) && _single[value] != key)
                {
                    _single.Remove(value, out var first);
                    _several[value] = [first, key];
                }
            }
        }

        public void Remove(NamespacedName key, T item)
        {
            foreach (var value in values(item))
            {
                if (_several.TryGetValue(value, out var keys))
                {
                    if (keys.Remove(key) && keys.Count == 0)
                    {
                        _several.Remove(value);
                    }
                }
                else if (_single.TryGetValue(value, out var only) && only == key)
                {
                    _single.Remove(value);
                }
            }
        }

        public IReadOnlyList<T> Find(string value, Dictionary<NamespacedName, T> items) =>
            _several.TryGetValue(value, out var keys) ? [.. keys.Select(key => items[key])]
            : _single.TryGetValue(value, out var only) ? [items[only]]
            : [];
    }
}
