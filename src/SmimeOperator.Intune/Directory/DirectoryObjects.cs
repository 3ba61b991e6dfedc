namespace SmimeOperator.Intune;

/// <summary>A user of the directory.</summary>
/// <param name="Id">Object id.</param>
/// <param name="UserPrincipalName">The name people sign in with.</param>
/// <param name="Mail">Primary SMTP address.</param>
/// <param name="ProxyAddresses">All addresses, with their smtp: prefix as the directory has them.</param>
/// <param name="AccountEnabled">Whether the account may sign in; null where the directory does not say.</param>
/// <param name="IsGuest">Whether the user was invited from elsewhere (userType Guest).</param>
public sealed record DirectoryUser(
    string Id, string UserPrincipalName, string? Mail, IReadOnlyList<string> ProxyAddresses, bool? AccountEnabled, bool IsGuest = false);

/// <summary>A group of the directory.</summary>
/// <param name="Id">Object id, in lower case.</param>
/// <param name="DisplayName">Its name; not unique.</param>
/// <param name="HidesMembers">Whether nobody sees who is in it without a permission of its own (visibility HiddenMembership).</param>
public sealed record DirectoryGroup(string Id, string DisplayName, bool HidesMembers = false);

/// <summary>Members of one kind.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Ids">Their object ids; null where there are more than are read.</param>
public sealed record MemberSet(int Count, IReadOnlyCollection<string>? Ids)
{
    /// <summary>Nobody.</summary>
    public static MemberSet Empty { get; } = new(0, []);
}

/// <summary>Whether one user is in a group, members of groups in it included.</summary>
/// <param name="IsMember">Whether the user is in it; null where that is not known.</param>
/// <param name="Devices">How many devices are in it; null where that is not known, or was not asked because the user is in it.</param>
/// <param name="Fault">Why something is not known; null where it is.</param>
public sealed record Membership(bool? IsMember, int? Devices, string? Fault = null)
{
    /// <summary>The user is in it.</summary>
    public static Membership Member { get; } = new(true, null);

    /// <summary>The group is not there, or has nobody.</summary>
    public static Membership Stranger { get; } = new(false, 0);

    /// <summary>A membership that is not known.</summary>
    public static Membership Unknown(string why) => new(null, null, why);
}

/// <summary>Who is in a group, members of groups in it included.</summary>
/// <param name="Users">Its users.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="Fault">Why they are not known; null where they are.</param>
public sealed record GroupMembers(MemberSet Users, MemberSet Devices, string? Fault = null)
{
    /// <summary>Nobody and nothing.</summary>
    public static GroupMembers Nobody { get; } = new(MemberSet.Empty, MemberSet.Empty);

    /// <summary>Members that are not known.</summary>
    public static GroupMembers Unknown(string why) => Nobody with { Fault = why };
}
