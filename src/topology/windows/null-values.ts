/** Whether null values reach the functions of an aggregate by windows, or are dropped and counted. */
export type NullValues = 'aggregated' | 'dropped'
