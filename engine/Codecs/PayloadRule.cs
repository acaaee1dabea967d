namespace KpiStream.Engine.Codecs;

/// <summary>How one fact is read from a payload. A value that the rule does not list is a <c>bad_value</c>, never a guess.</summary>
/// <param name="To">The fact stated.</param>
/// <param name="Key">The payload's key, of the outermost object; also its name in reject reasons.</param>
public abstract record PayloadRule(CaseKey To, string Key);

/// <summary>The value is written as in the native form.</summary>
/// <param name="To"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Key"><inheritdoc cref="PayloadRule"/></param>
/// <param name="IsUnitName">True when the text may be a unit's name or alias; one that is not found is taken for a code, as any unknown code.</param>
public sealed record PlainRule(CaseKey To, string Key, bool IsUnitName = false) : PayloadRule(To, Key);

/// <summary>An instant in one of several forms.</summary>
/// <param name="To"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Key"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Forms">The forms accepted.</param>
public sealed record DateRule(CaseKey To, string Key, DateForms Forms) : PayloadRule(To, Key);

/// <summary>A code of the source's own list.</summary>
/// <param name="To"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Key"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Codes">What each code means: a status, a word's code, or a flag as 0 and 1.</param>
public sealed record CodeRule(CaseKey To, string Key, CodeList Codes) : PayloadRule(To, Key);

/// <summary>The sum of an integer over the items of a list. An empty list clears the fact; items without the key add nothing.</summary>
/// <param name="To"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Key">The list.</param>
/// <param name="Item">The key inside an item.</param>
public sealed record SumRule(CaseKey To, string Key, string Item) : PayloadRule(To, Key);

/// <summary>Whether any item of a list matches. An empty list clears the fact.</summary>
/// <param name="To"><inheritdoc cref="PayloadRule"/></param>
/// <param name="Key">The list.</param>
/// <param name="Items">The keys inside an item that must all have a value.</param>
/// <param name="Codes">With one key: which of its values match (1) and which do not (0); null when any value does.</param>
/// <param name="Then">What a match means: a word's code, or a flag as 0 and 1.</param>
/// <param name="Else">What no match means.</param>
public sealed record AnyItemRule(CaseKey To, string Key, IReadOnlyList<string> Items, CodeList? Codes, int Then, int Else) : PayloadRule(To, Key);
