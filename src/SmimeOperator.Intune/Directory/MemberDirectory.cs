using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Reads who is in groups, members of groups in them included: the first page of many groups in few requests, the rest as far as it is worth it.</summary>
internal sealed class MemberDirectory(GraphBatch batch, GraphRequests requests, IntuneOptions options)
{
    /// <summary>The permission without which a group that hides its members looks empty.</summary>
    public const string HiddenPermission = "Member.Read.Hidden";

    private const string Attempt = "Reading the members of groups";
    private const string CountAttempt = "Counting the members of groups";
    private const string UserType = "#microsoft.graph.user";
    private const string DeviceType = "#microsoft.graph.device";
    private const string Unsupported = "Request_UnsupportedQuery";

    /// <summary>The members of groups, by group.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="permissions">What the token carries; null where that is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<string, GroupMembers>> ReadAsync(
        IReadOnlyCollection<DirectoryGroup> groups, IReadOnlySet<string>? permissions, CancellationToken cancellationToken)
    {
        var readings = groups.Select(g => new Reading(g)).ToList();
        readings.ForEach(r => r.Fault = Hidden(r.Group, permissions));

        var left = options.MemberMaximum;
        for (var open = readings.FindAll(r => r.IsOpen); open.Count > 0; open = readings.FindAll(r => r.IsOpen))
        {
            await ReadPagesAsync(open, cancellationToken);
            if (open.Any(r => r.Pages.Count == 1))
            {
                // After the first pages it is known how many more there are: as many groups as possible are read whole.
                foreach (var more in open.Where(r => r.IsOpen).OrderBy(r => r.Total))
                {
                    more.IsTooLarge = more.Total > left;
                    left -= more.IsTooLarge ? 0 : more.Total;
                }
            }
        }

        await CountAsync(readings.FindAll(r => r is { IsTooLarge: true, Fault: null }), cancellationToken);
        return readings.ToDictionary(r => r.Group.Id, r => r.Result(), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Why the members of a group would look like nobody; null where they do not.</summary>
    public static string? Hidden(DirectoryGroup group, IReadOnlySet<string>? permissions) => group.HidesMembers && permissions?.Contains(HiddenPermission) == false
        ? $"group '{group.DisplayName}' ({group.Id}) hides its members, and {HiddenPermission} is not granted"
        : null;

    /// <summary>How many devices are in groups, by group; null, and why, where that is not known.</summary>
    public async Task<IReadOnlyDictionary<string, (int? Devices, string? Fault)>> CountDevicesAsync(IReadOnlyCollection<DirectoryGroup> groups, CancellationToken cancellationToken)
    {
        try
        {
            var answers = groups.Count == 0
                ? []
                : await batch.ReadEachAsync("count-members", CountAttempt, requests.V1, [.. groups.Select(DeviceCount)], cancellationToken);
            return groups.Zip(answers).ToDictionary(p => p.First.Id, p => Told(p.Second), StringComparer.OrdinalIgnoreCase);
        }
        catch (TenantException fault)
        {
            return groups.ToDictionary(g => g.Id, _ => ((int?)null, (string?)fault.Message), StringComparer.OrdinalIgnoreCase);
        }

        static (int? Devices, string? Fault) Told(BatchAnswer answer) => Number(answer) is { } number ? (number, null) : (null, Why(answer));
    }

    /// <summary>How many users the directory has.</summary>
    public async Task<int> CountUsersAsync(CancellationToken cancellationToken)
    {
        var answer = await batch.ReadEachAsync("count-users", "Counting the users of the directory", requests.V1, [Count("/users")], cancellationToken);
        return answer[0].Fault is { } fault
            ? throw fault
            : CountOf(answer[0].Body) ?? throw Fault.Malformed(GraphCall.Read("count-users", "Counting the users of the directory"), "the service tells no number.");
    }

    private async Task ReadPagesAsync(List<Reading> open, CancellationToken cancellationToken)
    {
        BatchAnswer[] answers;
        try
        {
            answers = await batch.ReadEachAsync("list-members", Attempt, requests.V1, [.. open.Select(r => r.Next!)], cancellationToken);
        }
        catch (TenantException fault)
        {
            open.ForEach(r => r.Fault = fault.Message);
            return;
        }

        foreach (var (reading, answer) in open.Zip(answers))
        {
            reading.Take(answer, requests);
        }
    }

    // Too many to be told one by one: how many there are of each kind is two answers more.
    private async Task CountAsync(List<Reading> large, CancellationToken cancellationToken)
    {
        if (large.Count == 0)
        {
            return;
        }

        try
        {
            var addresses = large.SelectMany(r => (string[])[Count($"{Address(r.Group)}/microsoft.graph.user"), DeviceCount(r.Group)]).ToList();
            var answers = await batch.ReadEachAsync("count-members", CountAttempt, requests.V1, addresses, cancellationToken);
            foreach (var (reading, pair) in large.Zip(answers.Chunk(2)))
            {
                reading.TakeCounts(pair[0], pair[1]);
            }
        }
        catch (TenantException fault)
        {
            large.ForEach(r => r.Fault = fault.Message);
        }
    }

    private static string Address(DirectoryGroup group) => $"/groups/{Uri.EscapeDataString(group.Id)}/transitiveMembers";

    private static string DeviceCount(DirectoryGroup group) => Count($"{Address(group)}/microsoft.graph.device");

    private static string Count(string path) => OData.Query(path, ("select", "id"), ("count", "true"), ("top", "1"));

    private static int? CountOf(JsonElement page) =>
        page.ValueKind == JsonValueKind.Object && page.TryGetProperty("@odata.count", out var count) && count.TryGetInt32(out var number) ? number : null;

    // A kind that such a group cannot hold, or a group that was deleted since it was looked up.
    private static int? Number(BatchAnswer answer) =>
        answer.Fault is { Code: Unsupported } or { Kind: FaultKind.NotFound } ? 0 : answer.Fault is null ? CountOf(answer.Body) : null;

    private static string Why(BatchAnswer answer) => answer.Fault?.Message ?? Unusable("the service tells no number.");

    private static string Unusable(string what) => Fault.Malformed(GraphCall.Read("list-members", Attempt), what).Message;

    /// <summary>One group while its members are read.</summary>
    private sealed class Reading(DirectoryGroup group)
    {
        private readonly HashSet<string> _users = new(StringComparer.OrdinalIgnoreCase);
        private readonly HashSet<string> _devices = new(StringComparer.OrdinalIgnoreCase);
        private (int Users, int Devices) _counted;

        public DirectoryGroup Group { get; } = group;

        /// <summary>The next page, relative to the version's root; null after the last.</summary>
        public string? Next { get; private set; } = OData.Query(Address(group), ("select", "id"), ("count", "true"), ("top", "999"));

        /// <summary>The pages that were read.</summary>
        public HashSet<string> Pages { get; } = new(StringComparer.Ordinal);

        /// <summary>How many members of any kind the service counts.</summary>
        public int Total { get; private set; }

        public bool IsTooLarge { get; set; }

        public string? Fault { get; set; }

        public bool IsOpen => Next is not null && !IsTooLarge && Fault is null;

        public void Take(BatchAnswer answer, GraphRequests requests)
        {
            Pages.Add(Next!);
            if (answer.Fault is { Kind: FaultKind.NotFound })
            {
                // Deleted since it was looked up.
                Next = null;
                return;
            }

            if (answer.Fault is not null || !GraphJson.IsPage(answer.Body))
            {
                Fault = answer.Fault?.Message ?? Unusable("an answer is no list.");
                return;
            }

            Total = CountOf(answer.Body) ?? (Total == 0 ? int.MaxValue : Total);
            foreach (var item in GraphJson.Items(answer.Body))
            {
                if (GraphJson.Text(item, "id") is { } id && GraphJson.Text(item, "@odata.type") is { } type)
                {
                    _ = type switch { UserType => _users.Add(id), DeviceType => _devices.Add(id), _ => false };
                }
            }

            var link = GraphJson.NextLink(answer.Body);
            var isOurs = link is null || (requests.IsOurs(link) && link.StartsWith(requests.V1 + "/", StringComparison.OrdinalIgnoreCase));
            Next = isOurs ? link?[requests.V1.Length..] : null;
            if (!isOurs || (Next is not null && Pages.Contains(Next)))
            {
                Fault = Unusable("its pages lead elsewhere, or back to one that was read already.");
            }
        }

        public void TakeCounts(BatchAnswer users, BatchAnswer devices)
        {
            if (Number(users) is { } userCount && Number(devices) is { } deviceCount)
            {
                _counted = (userCount, deviceCount);
            }
            else
            {
                Fault = Why(users.Fault is null ? devices : users);
            }
        }

        public GroupMembers Result() => Fault is not null
            ? GroupMembers.Unknown(Fault)
            : IsTooLarge
                ? new GroupMembers(Counted(_counted.Users), Counted(_counted.Devices))
                : new GroupMembers(new MemberSet(_users.Count, _users), new MemberSet(_devices.Count, _devices));

        private static MemberSet Counted(int count) => count == 0 ? MemberSet.Empty : new MemberSet(count, null);
    }
}
