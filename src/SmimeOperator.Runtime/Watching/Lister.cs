using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using SmimeOperator.Runtime.Client;
using SmimeOperator.Runtime.Stores;

namespace SmimeOperator.Runtime.Watching;

/// <summary>Makes a scope of a store equal to what the API server lists: what is not in the list any more is removed.</summary>
internal sealed class Lister<T>(
    KubernetesApi api, WatchScope scope, ResourceCodec<T> codec, ObjectStore<T> store, WatchSettings settings, TimeProvider time, ILogger logger)
    where T : class
{
    /// <summary>Reads everything and returns the version of the list.</summary>
    /// <param name="newest">The newest version seen so far.</param>
    /// <param name="sign">Called for every page.</param>
    /// <param name="unreadable">Called for every object that cannot be read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<string> ReadAsync(
        string? newest, Action sign, Action<NamespacedName, Exception?> unreadable, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(settings.PageSize, newest, sign, unreadable, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Gone)
        {
            // The list took longer than the server keeps its pages: ask for everything at once, as there is no other way.
            return await ReadAsync(limit: 0, newest, sign, unreadable, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> ReadAsync(
        int limit, string? newest, Action sign, Action<NamespacedName, Exception?> unreadable, CancellationToken cancellationToken)
    {
        var present = new HashSet<NamespacedName>();
        string? token = null;
        string version;
        bool? rewound = null;
        do
        {
            var query = limit > 0 ? string.Create(CultureInfo.InvariantCulture, $"limit={limit}") : "";
            query += token is null ? "" : $"&continue={Uri.EscapeDataString(token)}";
            var page = await ReadPageAsync(scope.Query(query), cancellationToken).ConfigureAwait(false);
            sign();

            // A cluster restored from a backup counts on from an older version; what is known from after it never happened.
            rewound ??= ResourceVersionOrder.IsOlder(page.ResourceVersion, newest);
            foreach (var listed in page.Items)
            {
                // An unreadable object exists all the same: it must not count as deleted.
                present.Add(listed.Key);
                if (listed.Item is null)
                {
                    unreadable(listed.Key, listed.Error);
                }
                else
                {
                    store.Upsert(listed.Item, rewound.Value);
                }
            }

            (token, version) = (page.Continue, page.ResourceVersion!);
        }
        while (token is not null);

        var vanished = 0;
        foreach (var key in store.Keys(scope.Owns))
        {
            if (!present.Contains(key) && store.Remove(key))
            {
                vanished++;
            }
        }

        logger.Listed(present.Count, scope, version, vanished);
        return version;
    }

    private async Task<ListPage<T>> ReadPageAsync(string query, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.IdleLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await ListPage<T>.ReadAsync(api, query, codec, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The list did not come in time.", e);
        }
    }
}
