namespace SmimeOperator.Intune;

/// <summary>Reads collections whole, whatever the page size. A page that fails fails the read: half a collection is never handed on.</summary>
internal sealed class GraphPager(GraphSender sender, GraphRequests requests)
{
    /// <summary>Reads from an address on, page by page; the reader returns the next page's address, null after the last.</summary>
    /// <param name="operation">A stable word for metrics.</param>
    /// <param name="attempt">What is attempted, as the start of a sentence.</param>
    /// <param name="address">The first page.</param>
    /// <param name="readPage">Reads one page; may be called again for the same page, so what it collects must be keyed by id.</param>
    /// <param name="goOn">Asked after each page; false ends the read early.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the collection was read to its end.</returns>
    public async Task<bool> ReadAsync(
        string operation,
        string attempt,
        string address,
        Func<Stream, CancellationToken, ValueTask<string?>> readPage,
        Func<bool>? goOn,
        CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = address; next is not null;)
        {
            var call = GraphCall.Read(operation, attempt);
            if (!seen.Add(next))
            {
                throw Fault.Malformed(call, "its pages lead back to one that was read already.");
            }

            if (!requests.IsOurs(next))
            {
                throw Fault.Malformed(call, "its next page is said to be on another server, where our token does not go.");
            }

            var page = next;
            next = await sender.SendAsync(call, () => GraphRequests.Get(page), readPage, cancellationToken);
            if (next is not null && goOn?.Invoke() == false)
            {
                return false;
            }
        }

        return true;
    }
}
